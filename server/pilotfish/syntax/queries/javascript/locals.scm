; inherits: ecmascript

(formal_parameters [(identifier) @parameter (assignment_pattern left: (identifier) @parameter right: (_) @value)])
(formal_parameters (object_pattern (shorthand_property_identifier_pattern) @parameter))
(field_definition property: (_) @field value: (_)? @value)
