; inherits: c

[(lambda_expression) (for_range_loop) (catch_clause)] @scope
(class_specifier name: (_) @name body: (_)) @class
(struct_specifier name: (_) @name body: (_)) @class

(parameter_declaration type: (_) @type declarator: (reference_declarator (identifier) @parameter))
(optional_parameter_declaration type: (_) @type declarator: [
  (identifier) @parameter
  (pointer_declarator declarator: (identifier) @parameter)
  (reference_declarator (identifier) @parameter)])
(declaration type: (_) @type declarator: (init_declarator declarator: (reference_declarator (identifier) @variable)))
((declaration
  type: (placeholder_type_specifier)
  declarator: (init_declarator declarator: (identifier) @variable value: (_) @value)))
(for_range_loop type: (_) @type declarator: [(identifier) @variable (reference_declarator (identifier) @variable)])
(field_declaration type: (_) @type declarator: [
  (field_identifier) @field
  (pointer_declarator declarator: (field_identifier) @field)])
