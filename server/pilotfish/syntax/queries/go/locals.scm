[(function_declaration) (method_declaration) (func_literal) (block) (if_statement) (for_statement)
 (expression_switch_statement) (type_switch_statement) (communication_case)] @scope

(parameter_declaration name: (identifier) @parameter type: (_) @type)
(variadic_parameter_declaration name: (identifier) @parameter type: (_) @type)
(var_spec name: (identifier) @variable type: (_) @type)
(var_spec name: (identifier) @variable !type value: (expression_list . (_) @value))
(const_spec name: (identifier) @variable)
(short_var_declaration left: (expression_list . (identifier) @variable) right: (expression_list . (_) @value))
(short_var_declaration left: (expression_list (_) (identifier) @variable))
(range_clause left: (expression_list (identifier) @variable))
