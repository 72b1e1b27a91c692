(package_clause (package_identifier) @name) @definition.package
(function_declaration name: (identifier) @name body: (block)? @body) @definition.function
(method_declaration
  receiver: (parameter_list (parameter_declaration type: [
    (type_identifier) @container
    (generic_type type: (_) @container)
    (pointer_type (type_identifier) @container)
    (pointer_type (generic_type type: (_) @container))]))
  name: (_) @name
  body: (block)? @body) @definition.method

(type_spec name: (_) @name type: (struct_type (field_declaration_list) @body)) @definition.struct
(type_spec name: (_) @name type: (interface_type "{" @body)) @definition.interface
(type_spec name: (_) @name) @definition.type
(type_alias name: (_) @name) @definition.type
; A declaration of one type is the whole of it; in a group each stands for itself.
(type_declaration "type" . (type_spec) @inner) @outer
(field_declaration name: (field_identifier) @name) @definition.field
(field_declaration !name type: (_) @base)
(method_elem name: (_) @name) @definition.method
(type_elem . [(type_identifier) (qualified_type)] @base .)

(source_file (const_declaration (const_spec name: (identifier) @name) @definition.constant))
(source_file (var_declaration (var_spec name: (identifier) @name) @definition.variable))
(source_file (var_declaration (var_spec_list (var_spec name: (identifier) @name) @definition.variable)))

(import_spec name: (_)? @alias path: (_) @module) @import
