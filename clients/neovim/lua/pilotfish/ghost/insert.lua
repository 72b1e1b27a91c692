-- Writes accepted text at the cursor.
local M = {}

--- Insert, as an undo step of its own, and leave the cursor behind it.
---
--- Pasted rather than set: what is pasted belongs to what `.` repeats.
---@param text string
function M.insert(text)
  vim.bo.undolevels = vim.bo.undolevels
  vim.api.nvim_paste(text, false, -1)
end

return M
