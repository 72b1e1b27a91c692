(file_scoped_namespace_declaration name: (_) @name) @definition.package
(namespace_declaration name: (_) @name body: (_) @body) @definition.package
(class_declaration name: (_) @name body: (_)? @body) @definition.class
(struct_declaration name: (_) @name body: (_)? @body) @definition.struct
(record_declaration name: (_) @name body: (_)? @body) @definition.class
(record_declaration (parameter_list (parameter name: (_) @name) @definition.property))
(interface_declaration name: (_) @name body: (_) @body) @definition.interface
(enum_declaration name: (_) @name body: (_) @body) @definition.enum
(enum_member_declaration name: (_) @name) @definition.enumMember
(delegate_declaration name: (_) @name) @definition.type
(base_list [(identifier) (qualified_name) (generic_name)] @base)

(method_declaration name: (_) @name body: (_)? @body) @definition.method
(local_function_statement name: (_) @name body: (_) @body) @definition.function
(constructor_declaration name: (_) @name body: (_) @body) @definition.constructor
(operator_declaration operator: _ @name body: (_) @body) @definition.method
(indexer_declaration "this" @name [accessors: (_) value: (_)] @body) @definition.property
(property_declaration name: (_) @name [accessors: (_) value: (_)] @body) @definition.property
(event_field_declaration (variable_declaration (variable_declarator name: (_) @name))) @definition.event
(event_declaration name: (_) @name accessors: (_) @body) @definition.event
(field_declaration (variable_declaration (variable_declarator name: (_) @name))) @definition.field

(using_directive name: (_) @alias [(identifier) (qualified_name)] @module) @import
(using_directive !name [(identifier) (qualified_name)] @module) @import
