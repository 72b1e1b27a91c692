; inherits: javascript
([(jsx_opening_element name: (identifier) @other) (jsx_self_closing_element name: (identifier) @other)
  (jsx_closing_element name: (identifier) @other)] (#match? @other "^[a-z]"))
