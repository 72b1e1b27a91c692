; What may be missing is a package: what stands before a selector.
(selector_expression operand: (identifier) @used)
(qualified_type package: (package_identifier) @used)

(import_spec name: (package_identifier) @bound)
; What a package is called without that is in the last part of its path.
(import_spec !name path: (_) @path)
(parameter_declaration name: (identifier) @bound)
(variadic_parameter_declaration name: (identifier) @bound)
(short_var_declaration left: (expression_list (identifier) @bound))
(range_clause left: (expression_list (identifier) @bound))
(receive_statement left: (expression_list (identifier) @bound))
(type_switch_statement alias: (expression_list (identifier) @bound))
(var_spec name: (identifier) @bound)
(const_spec name: (identifier) @bound)
(function_declaration name: (identifier) @bound)
(type_spec name: (type_identifier) @bound)
(type_parameter_declaration name: (identifier) @bound)
