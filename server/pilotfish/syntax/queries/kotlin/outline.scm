(package_header (_) @name) @definition.package
((class_declaration (modifiers (class_modifier) @_enum) name: (_) @name (enum_class_body)? @body) @definition.enum
  (#eq? @_enum "enum"))
(class_declaration "interface" name: (_) @name (class_body)? @body) @definition.interface
(class_declaration "class" name: (_) @name (class_body)? @body) @definition.class
(object_declaration name: (_) @name (class_body)? @body) @definition.class
(class_declaration (delegation_specifiers (delegation_specifier
  [(user_type) @base (constructor_invocation (user_type) @base)])))
(object_declaration (delegation_specifiers (delegation_specifier
  [(user_type) @base (constructor_invocation (user_type) @base)])))
(type_alias type: (_) @name) @definition.type
(enum_entry (identifier) @name (class_body)? @body) @definition.enumMember

(function_declaration
  (user_type (identifier) @container) . "." . name: (_) @name
  (function_body)? @body) @definition.method
(function_declaration name: (_) @name (function_body)? @body) @definition.function
(secondary_constructor "constructor" @name (block)? @body) @definition.constructor
(class_parameter ["val" "var"] (identifier) @name) @definition.property
(class_body (property_declaration (variable_declaration (identifier) @name)) @definition.property)
(enum_class_body (property_declaration (variable_declaration (identifier) @name)) @definition.property)
(source_file (property_declaration (variable_declaration (identifier) @name)) @definition.variable)

(import) @tree @import
