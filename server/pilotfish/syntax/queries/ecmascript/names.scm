; See the one of Python. Members and keys have node types of their own here.
(identifier) @used
(shorthand_property_identifier) @used

(function_declaration name: (identifier) @bound)
(generator_function_declaration name: (identifier) @bound)
(function_expression name: (identifier) @bound)
(class_declaration name: (_) @bound)
(class name: (_) @bound)
(variable_declarator name: (identifier) @bound)
(arrow_function parameter: (identifier) @bound)
(array_pattern (identifier) @bound)
(rest_pattern (identifier) @bound)
(shorthand_property_identifier_pattern) @bound
(pair_pattern value: (identifier) @bound)
(assignment_pattern left: (identifier) @bound)
(object_assignment_pattern left: (shorthand_property_identifier_pattern) @bound)
(catch_clause parameter: (identifier) @bound)
(for_in_statement kind: _ left: (identifier) @bound)

(import_clause (identifier) @bound)
(namespace_import (identifier) @bound)
(import_specifier !alias name: (identifier) @bound)
(import_specifier name: (identifier) @other alias: (identifier) @bound)
(export_specifier alias: (identifier) @other)
(export_statement (export_clause (export_specifier name: (identifier) @other)) source: (_))
