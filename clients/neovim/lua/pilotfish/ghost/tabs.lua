-- Inline virtual text sends tabs to the terminal as they are, which draws something else than Neovim thinks.
local M = {}

--- A text that begins at the cursor, with spaces for its tabs.
---@param text string
---@return string
function M.expanded(text)
  local column = vim.fn.virtcol(".") - 1
  return (
    text:gsub("[^\t]*\t", function(part)
      local before = part:sub(1, -2)
      local width = vim.fn.strdisplaywidth(before, column)
      local spaces = vim.bo.tabstop - (column + width) % vim.bo.tabstop
      column = column + width + spaces
      return before .. (" "):rep(spaces)
    end)
  )
end

return M
