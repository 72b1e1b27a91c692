[(function_declaration) (generator_function_declaration) (function_expression) (arrow_function)
 (method_definition) (statement_block) (for_statement) (for_in_statement) (catch_clause)] @scope
(class_declaration name: (_) @name) @class

(arrow_function parameter: (identifier) @parameter)
(catch_clause parameter: (identifier) @parameter)
(variable_declarator name: (identifier) @variable value: (_)? @value)
(variable_declarator name: (object_pattern [
  (shorthand_property_identifier_pattern) @variable
  (pair_pattern value: (identifier) @variable)]))
(variable_declarator name: (array_pattern (identifier) @variable))
(for_in_statement left: (identifier) @variable)
(assignment_expression left: (member_expression object: (this) property: (_) @field) right: (_) @value)
