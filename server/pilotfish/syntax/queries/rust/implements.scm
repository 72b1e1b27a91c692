(impl_item trait: (_) @interface type: (_) @type body: (declaration_list) @body) @implementation
