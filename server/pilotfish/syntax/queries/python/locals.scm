[(function_definition) (lambda) (list_comprehension) (set_comprehension) (dictionary_comprehension)
 (generator_expression)] @scope
(class_definition name: (_) @name) @class

(parameters [(identifier) @parameter
             (list_splat_pattern (identifier) @parameter)
             (dictionary_splat_pattern (identifier) @parameter)])
(lambda_parameters (identifier) @parameter)
(parameters (default_parameter name: (identifier) @parameter))
(parameters (typed_parameter . (identifier) @parameter type: (_) @type))
(parameters (typed_default_parameter name: (identifier) @parameter type: (_) @type))

(assignment left: (identifier) @variable type: (_) @type)
(assignment left: (identifier) @variable !type right: (_) @value)
(assignment left: [(pattern_list (identifier) @variable) (tuple_pattern (identifier) @variable)])
(named_expression name: (identifier) @variable value: (_) @value)
(for_statement left: [(identifier) @variable (pattern_list (identifier) @variable)])
(for_in_clause left: [(identifier) @variable (pattern_list (identifier) @variable)])
(as_pattern (_) @value alias: (as_pattern_target (identifier) @variable))
((assignment left: (attribute object: (identifier) @_self attribute: (identifier) @field) type: (_) @type)
  (#eq? @_self "self"))
((assignment left: (attribute object: (identifier) @_self attribute: (identifier) @field) !type right: (_) @value)
  (#eq? @_self "self"))
