[(function_definition) (compound_statement) (for_statement)] @scope

(parameter_declaration type: (_) @type declarator: [
  (identifier) @parameter
  (pointer_declarator declarator: (identifier) @parameter)
  (array_declarator declarator: (identifier) @parameter)
  (pointer_declarator declarator: (_ declarator: (identifier) @parameter))])
(declaration type: (_) @type declarator: [
  (identifier) @variable
  (pointer_declarator declarator: (identifier) @variable)
  (array_declarator declarator: (identifier) @variable)
  (init_declarator declarator: [
    (identifier) @variable
    (pointer_declarator declarator: (identifier) @variable)
    (array_declarator declarator: (identifier) @variable)])])
