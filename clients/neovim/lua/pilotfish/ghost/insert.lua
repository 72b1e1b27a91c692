-- Writes accepted text at the cursor.
local M = {}

--- Insert, as an undo step of its own, and leave the cursor behind it.
---@param text string
function M.insert(text)
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  local lines = vim.split(text, "\n", { plain = true })
  vim.bo.undolevels = vim.bo.undolevels
  vim.api.nvim_buf_set_text(0, row - 1, col, row - 1, col, lines)
  local last = #lines[#lines]
  vim.api.nvim_win_set_cursor(0, { row + #lines - 1, #lines == 1 and col + last or last })
end

return M
