(class_definition name: (identifier) @name body: (_) @body) @definition.class
(class_definition superclasses: (argument_list [(identifier) (attribute) (subscript)] @base))
((function_definition name: (identifier) @name body: (_) @body) @definition.constructor
  (#eq? @name "__init__"))
(function_definition name: (identifier) @name body: (_) @body) @definition.function
(decorated_definition definition: (_) @inner) @outer
(type_alias_statement left: (type [(identifier) @name (generic_type (identifier) @name)])) @definition.type

(module (expression_statement (assignment left: (identifier) @name)) @definition.variable)
(module (expression_statement (assignment left: (pattern_list (identifier) @name))) @definition.variable)
(class_definition body: (block (expression_statement (assignment left: (identifier) @name)) @definition.field))

; What a method gives its object.
((assignment left: (attribute object: (identifier) @_self attribute: (identifier) @name)) @definition.field
  (#eq? @_self "self"))
((assignment left: (pattern_list (attribute object: (identifier) @_self attribute: (identifier) @name))) @definition.field
  (#eq? @_self "self"))

(import_statement name: (dotted_name) @module) @import
(import_statement name: (aliased_import name: (_) @module alias: (_) @alias)) @import
(import_from_statement module_name: (_) @module name: (dotted_name) @name) @import
(import_from_statement module_name: (_) @module name: (aliased_import name: (_) @name alias: (_) @alias)) @import
(import_from_statement module_name: (_) @module (wildcard_import) @name) @import
(future_import_statement name: (dotted_name) @name (#set! module "__future__")) @import
