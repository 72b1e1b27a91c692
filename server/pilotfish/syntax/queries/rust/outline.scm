(function_item name: (_) @name body: (_) @body) @definition.function
(function_signature_item name: (_) @name) @definition.function
(struct_item name: (_) @name body: (field_declaration_list)? @body) @definition.struct
(union_item name: (_) @name body: (_) @body) @definition.struct
(enum_item name: (_) @name body: (_) @body) @definition.enum
(enum_variant name: (_) @name) @definition.enumMember
(trait_item name: (_) @name body: (_) @body) @definition.interface
(trait_item bounds: (trait_bounds (_) @base))
(impl_item
  type: [(type_identifier) @name
         (generic_type type: (_) @name)
         (scoped_type_identifier name: (_) @name)
         (reference_type type: (type_identifier) @name)]
  body: (_) @body) @scope
(mod_item name: (_) @name body: (_) @body) @definition.module
(macro_definition name: (_) @name) @definition.macro
(field_declaration name: (_) @name) @definition.field
(const_item name: (_) @name) @definition.constant
(static_item name: (_) @name) @definition.variable
(type_item name: (_) @name) @definition.type
(associated_type name: (_) @name) @definition.type

(use_declaration argument: (_) @tree) @import
(extern_crate_declaration name: (_) @module) @import
