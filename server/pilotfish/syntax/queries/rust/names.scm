; What may be missing is a type, a trait, or what stands before `::`.
(type_identifier) @used
((scoped_identifier path: (identifier) @used) (#match? @used "^[A-Z]"))
((scoped_type_identifier path: (identifier) @used) (#match? @used "^[A-Z]"))

(use_declaration) @import
(use_wildcard) @wildcard
(struct_item name: (_) @bound)
(enum_item name: (_) @bound)
(union_item name: (_) @bound)
(trait_item name: (_) @bound)
(type_item name: (_) @bound)
(associated_type name: (_) @bound)
(mod_item name: (_) @bound)
(type_parameter name: (_) @bound)
(enum_variant name: (_) @bound)
(macro_definition name: (_) @bound)
(type_binding name: (type_identifier) @other)
(scoped_type_identifier name: (type_identifier) @other)
(macro_invocation (token_tree (identifier) @other))
