[(function_declaration) (secondary_constructor) (lambda_literal) (block) (for_statement) (catch_block)] @scope
(class_declaration name: (_) @name) @class
(object_declaration name: (_) @name) @class

(parameter (identifier) @parameter [(user_type) (nullable_type)] @type)
(class_parameter (identifier) @field [(user_type) (nullable_type)] @type)
(lambda_parameters (variable_declaration (identifier) @parameter))
(property_declaration (variable_declaration (identifier) @variable [(user_type) (nullable_type)] @type))
(property_declaration (variable_declaration (identifier) @variable .) (call_expression) @value)
(property_declaration (variable_declaration (identifier) @variable .))
(for_statement (variable_declaration (identifier) @variable))
