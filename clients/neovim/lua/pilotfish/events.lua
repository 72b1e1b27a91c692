-- The `User` autocommands.
local M = {}

--- Tell whoever listens.
---@param name string without the prefix: `Shown`, `Accepted`, …
---@param data table what comes as `event.data`
function M.tell(name, data)
  vim.api.nvim_exec_autocmds("User", { pattern = "Pilotfish" .. name, data = data, modeline = false })
end

return M
