; inherits: c

(class_specifier name: (_) @name body: (_) @body) @definition.class
(base_class_clause [(type_identifier) (qualified_identifier) (template_type)] @base)
(namespace_definition name: (_) @name body: (_) @body) @definition.namespace
(template_declaration (_) @inner .) @outer
(alias_declaration name: (_) @name) @definition.type
(concept_definition name: (_) @name) @definition.type
(function_definition declarator: (function_declarator declarator: (_) @name) !body) @definition.function
(field_declaration declarator: [
  (function_declarator declarator: [(field_identifier) (operator_name)] @name)
  (pointer_declarator declarator: (function_declarator declarator: [(field_identifier) (operator_name)] @name))
  (reference_declarator (function_declarator declarator: [(field_identifier) (operator_name)] @name))
]) @definition.method
(declaration declarator: (function_declarator declarator: [(destructor_name) (operator_name)] @name)) @definition.method
(declaration_list (declaration declarator:
  (init_declarator declarator: (identifier) @name)) @definition.variable)
