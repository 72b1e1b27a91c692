(function_declaration name: (_) @name body: (block)? @body) @definition.function
(assignment_statement
  (variable_list . name: (_) @name .)
  (expression_list . value: (function_definition body: (block)? @body) .)) @definition.function
(field name: (identifier) @name value: (function_definition body: (block)? @body)) @definition.function
(chunk (variable_declaration (assignment_statement (variable_list name: (identifier) @name))) @definition.variable)
(chunk (assignment_statement (variable_list name: [(identifier) (dot_index_expression)] @name)) @definition.variable)

(assignment_statement
  (variable_list . name: (identifier) @alias .)
  (expression_list . value: (function_call name: (identifier) @_require arguments: (arguments (string) @module)) .)
  (#eq? @_require "require")) @import
((chunk (function_call name: (identifier) @_require arguments: (arguments (string) @module)) @import)
  (#eq? @_require "require"))
