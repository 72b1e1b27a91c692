; What may be missing is a type: one that is named as such, or stands before a member.
(type_identifier) @used
((method_invocation object: (identifier) @used) (#match? @used "^[A-Z]"))
((field_access object: (identifier) @used) (#match? @used "^[A-Z]"))
(marker_annotation name: (identifier) @used)
(annotation name: (identifier) @used)

(import_declaration) @import
(import_declaration (asterisk)) @wildcard
(class_declaration name: (identifier) @bound)
(interface_declaration name: (identifier) @bound)
(enum_declaration name: (identifier) @bound)
(record_declaration name: (identifier) @bound)
(annotation_type_declaration name: (identifier) @bound)
(type_parameter (type_identifier) @bound)
(enum_constant name: (identifier) @bound)
(variable_declarator name: (identifier) @bound)
(scoped_type_identifier (_) (type_identifier) @other)
