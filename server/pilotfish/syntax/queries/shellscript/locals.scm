(function_definition) @scope

(variable_assignment name: (variable_name) @variable)
(for_statement variable: (variable_name) @variable)
