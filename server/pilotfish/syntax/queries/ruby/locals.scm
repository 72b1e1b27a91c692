[(method) (singleton_method) (block) (do_block) (lambda)] @scope
(class name: (_) @name) @class
(module name: (_) @name) @class

(method_parameters [(identifier) @parameter (_ name: (identifier) @parameter)])
(block_parameters (identifier) @parameter)
(assignment left: (identifier) @variable right: (_) @value)
(left_assignment_list (identifier) @variable)
(for pattern: (identifier) @variable)
(exception_variable (identifier) @variable)
(assignment left: (instance_variable) @field right: (_) @value)
