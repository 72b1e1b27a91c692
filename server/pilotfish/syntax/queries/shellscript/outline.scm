(function_definition name: (_) @name body: (_) @body) @definition.function
(program (variable_assignment name: (variable_name) @name) @definition.variable)
(program (declaration_command (variable_assignment name: (variable_name) @name)) @definition.variable)

((command name: (command_name) @_source . argument: (_) @module) @import
  (#any-of? @_source "source" "."))
