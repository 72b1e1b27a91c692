[(method_declaration) (constructor_declaration) (local_function_statement) (lambda_expression)
 (anonymous_method_expression) (block) (for_statement) (foreach_statement) (catch_clause)
 (using_statement) (accessor_declaration)] @scope
(class_declaration name: (_) @name) @class
(struct_declaration name: (_) @name) @class
(record_declaration name: (_) @name) @class

(parameter type: (_) @type name: (_) @parameter)
(parameter !type name: (_) @parameter)
(implicit_parameter) @parameter
(local_declaration_statement (variable_declaration
  type: (_) @type (variable_declarator name: (_) @variable (_)? @value)))
(foreach_statement type: (_) @type left: (identifier) @variable)
(catch_declaration type: (_) @type name: (_) @variable)
(declaration_pattern type: (_) @type name: (_) @variable)
(field_declaration (variable_declaration type: (_) @type (variable_declarator name: (_) @field)))
(property_declaration type: (_) @type name: (_) @field)
