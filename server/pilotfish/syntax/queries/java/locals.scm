[(method_declaration) (constructor_declaration) (lambda_expression) (block) (for_statement)
 (enhanced_for_statement) (catch_clause) (try_with_resources_statement)] @scope
(class_declaration name: (_) @name) @class
(interface_declaration name: (_) @name) @class
(enum_declaration name: (_) @name) @class
(record_declaration name: (_) @name) @class

(formal_parameter type: (_) @type name: (_) @parameter)
(spread_parameter (_) @type (variable_declarator name: (_) @parameter))
(catch_formal_parameter (catch_type) @type name: (_) @parameter)
(lambda_expression parameters: [(identifier) @parameter (inferred_parameters (identifier) @parameter)])
(local_variable_declaration type: (_) @type declarator: (variable_declarator name: (_) @variable value: (_)? @value))
(enhanced_for_statement type: (_) @type name: (_) @variable)
(resource type: (_) @type name: (_) @variable)
(instanceof_expression right: (_) @type name: (identifier) @variable)
(field_declaration type: (_) @type declarator: (variable_declarator name: (_) @field))
