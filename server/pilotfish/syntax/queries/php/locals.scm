[(function_definition) (method_declaration) (anonymous_function) (arrow_function)] @scope
(class_declaration name: (_) @name) @class
(trait_declaration name: (_) @name) @class

(simple_parameter type: (_)? @type name: (variable_name (name) @parameter))
(property_promotion_parameter type: (_)? @type name: (variable_name (name) @parameter))
(assignment_expression left: (variable_name (name) @variable) right: (_) @value)
(foreach_statement (variable_name (name) @variable))
(catch_clause type: (_) @type name: (variable_name (name) @variable))
(property_declaration type: (_)? @type (property_element name: (variable_name (name) @field)))
