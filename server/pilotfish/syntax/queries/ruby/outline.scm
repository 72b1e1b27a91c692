(module name: (_) @name body: (_)? @body) @definition.module
(class name: (_) @name body: (_)? @body) @definition.class
(superclass (_) @base)
((call method: (identifier) @_include arguments: (argument_list [(constant) (scope_resolution)] @base))
  (#any-of? @_include "include" "extend" "prepend"))
((method name: (_) @name body: (_)? @body) @definition.constructor
  (#eq? @name "initialize"))
(method name: (_) @name body: (_)? @body) @definition.function
(singleton_method name: (_) @name body: (_)? @body) @definition.method
(assignment left: (constant) @name) @definition.constant
(assignment left: (instance_variable) @name) @definition.field
((call method: (identifier) @_attr arguments: (argument_list (simple_symbol) @name)) @definition.property
  (#any-of? @_attr "attr_reader" "attr_writer" "attr_accessor"))

((call method: (identifier) @_require arguments: (argument_list (string) @module)) @import
  (#any-of? @_require "require" "require_relative" "load"))
