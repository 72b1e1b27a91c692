(namespace_definition name: (_) @name body: (_)? @body) @definition.package
(class_declaration name: (_) @name body: (_) @body) @definition.class
(interface_declaration name: (_) @name body: (_) @body) @definition.interface
(trait_declaration name: (_) @name body: (_) @body) @definition.class
(enum_declaration name: (_) @name body: (_) @body) @definition.enum
(enum_case name: (_) @name) @definition.enumMember
(base_clause [(name) (qualified_name)] @base)
(class_interface_clause [(name) (qualified_name)] @base)
(use_declaration [(name) (qualified_name)] @base)

(function_definition name: (_) @name body: (_) @body) @definition.function
((method_declaration name: (_) @name body: (_)? @body) @definition.constructor
  (#eq? @name "__construct"))
(method_declaration name: (_) @name body: (_)? @body) @definition.method
(property_declaration (property_element name: (variable_name (name) @name))) @definition.field
(property_promotion_parameter name: (variable_name (name) @name)) @definition.field
(const_declaration (const_element . (name) @name)) @definition.constant
((function_call_expression
  function: (name) @_define arguments: (arguments . (argument (string (string_content) @name)))) @definition.constant
  (#eq? @_define "define"))

(namespace_use_declaration) @tree @import
(require_expression [(string) @module (binary_expression (string) @module .)]) @import
(require_once_expression [(string) @module (binary_expression (string) @module .)]) @import
(include_expression [(string) @module (binary_expression (string) @module .)]) @import
(include_once_expression [(string) @module (binary_expression (string) @module .)]) @import
