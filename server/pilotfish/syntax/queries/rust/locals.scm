[(function_item) (closure_expression) (block) (for_expression) (match_arm) (if_expression)] @scope
(impl_item type: [(type_identifier) @name (generic_type type: (_) @name)]) @class
(trait_item name: (_) @name) @class

(parameter pattern: [(identifier) @parameter (mut_pattern (identifier) @parameter)] type: (_) @type)
(closure_parameters [(identifier) @parameter (parameter pattern: (identifier) @parameter)])
(let_declaration pattern: (identifier) @variable type: (_) @type)
(let_declaration pattern: (identifier) @variable !type value: (_)? @value)
(let_declaration pattern: (tuple_pattern (identifier) @variable))
(for_expression pattern: [(identifier) @variable (tuple_pattern (identifier) @variable)])
(let_condition pattern: (tuple_struct_pattern (identifier) @variable))
(static_item name: (_) @variable type: (_) @type)
(const_item name: (_) @variable type: (_) @type)
