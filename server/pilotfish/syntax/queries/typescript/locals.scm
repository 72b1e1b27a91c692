; inherits: ecmascript

(abstract_class_declaration name: (_) @name) @class
(interface_declaration name: (_) @name) @class
(variable_declarator name: (identifier) @variable type: (type_annotation (_) @type))
(required_parameter pattern: (identifier) @parameter type: (type_annotation (_) @type)?)
(optional_parameter pattern: (identifier) @parameter type: (type_annotation (_) @type)?)
(required_parameter pattern: (object_pattern (shorthand_property_identifier_pattern) @parameter))
(required_parameter
  [(accessibility_modifier) "readonly"] . pattern: (identifier) @field type: (type_annotation (_) @type)?)
(public_field_definition name: (_) @field type: (type_annotation (_) @type))
(public_field_definition name: (_) @field !type value: (_)? @value)
