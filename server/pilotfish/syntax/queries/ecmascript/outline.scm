; What JavaScript and TypeScript share.

(class_declaration name: (_) @name body: (_) @body) @definition.class
(variable_declarator name: (identifier) @name value: (class body: (_) @body)) @definition.class
(function_declaration name: (_) @name body: (_) @body) @definition.function
(generator_function_declaration name: (_) @name body: (_) @body) @definition.function
((method_definition name: (_) @name body: (_) @body) @definition.constructor
  (#eq? @name "constructor"))
(method_definition name: (_) @name body: (_) @body) @definition.method
(variable_declarator
  name: (identifier) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @definition.function
(pair
  key: (property_identifier) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @definition.method
(assignment_expression
  left: (member_expression) @name
  right: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @definition.function
(export_statement
  "default" @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @definition.function
(export_statement "default" @name value: (class body: (_) @body)) @definition.class
(export_statement "default" @name value: (object) @body) @definition.variable
(export_statement decorator: (_) declaration: (_) @inner) @outer

(program [(lexical_declaration (variable_declarator name: (identifier) @name))
          (variable_declaration (variable_declarator name: (identifier) @name))] @definition.variable)
(program (export_statement declaration: [
  (lexical_declaration (variable_declarator name: (identifier) @name))
  (variable_declaration (variable_declarator name: (identifier) @name))] @definition.variable))

; What a constructor gives its object.
(assignment_expression left: (member_expression object: (this) property: (_) @name)) @definition.field

(import_statement "import" . source: (string) @module) @import
(import_statement (import_clause) @clause source: (string) @module) @import
(export_statement source: (string) @module) @import
((variable_declarator
  name: (identifier) @alias
  value: (call_expression function: (identifier) @_require arguments: (arguments (string) @module))) @import
  (#eq? @_require "require"))
((variable_declarator
  name: (object_pattern [(shorthand_property_identifier_pattern) @name
                         (pair_pattern key: (_) @name value: (identifier) @alias)])
  value: (call_expression function: (identifier) @_require arguments: (arguments (string) @module))) @import
  (#eq? @_require "require"))
((expression_statement
  (call_expression function: (identifier) @_require arguments: (arguments (string) @module))) @import
  (#eq? @_require "require"))
