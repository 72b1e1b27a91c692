[(function_declaration) (function_definition) (for_statement) (while_statement) (do_statement)
 (if_statement)] @scope

(parameters name: (identifier) @parameter)
(assignment_statement (variable_list name: (identifier) @variable) (expression_list . value: (_) @value))
(variable_declaration (variable_list name: (identifier) @variable))
(for_generic_clause (variable_list name: (identifier) @variable))
(for_numeric_clause name: (identifier) @variable)
