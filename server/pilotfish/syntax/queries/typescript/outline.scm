; inherits: ecmascript

(class_heritage [(extends_clause value: (_) @base) (implements_clause (_) @base)])
(extends_type_clause type: (_) @base)
(abstract_class_declaration name: (_) @name body: (_) @body) @definition.class
(abstract_method_signature name: (_) @name) @definition.method
(method_signature name: (_) @name) @definition.method
(construct_signature "new" @name) @definition.constructor
(public_field_definition
  name: (_) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @definition.method
(public_field_definition name: (_) @name) @definition.field
; A constructor's parameters with an access word are fields.
(required_parameter [(accessibility_modifier) "readonly"] . pattern: (identifier) @name) @definition.field

(interface_declaration name: (_) @name body: (_) @body) @definition.interface
(interface_body (property_signature name: (_) @name) @definition.property)
(type_alias_declaration name: (_) @name value: (object_type "{" @body)) @definition.type
(type_alias_declaration name: (_) @name) @definition.type
(type_alias_declaration value: (object_type (property_signature name: (_) @name) @definition.property))
(enum_declaration name: (_) @name body: (_) @body) @definition.enum
(enum_body name: (property_identifier) @name @definition.enumMember)
(enum_body (enum_assignment name: (_) @name) @definition.enumMember)

(function_signature name: (_) @name) @definition.function
(internal_module name: (_) @name body: (_) @body) @definition.namespace
(module name: (_) @name body: (_) @body) @definition.module
(ambient_declaration (_) @inner) @outer
(ambient_declaration (lexical_declaration (variable_declarator name: (identifier) @name))) @definition.variable
(statement_block (export_statement declaration:
  (lexical_declaration (variable_declarator name: (identifier) @name)) @definition.variable))

(import_statement (import_require_clause (identifier) @alias source: (string) @module)) @import
