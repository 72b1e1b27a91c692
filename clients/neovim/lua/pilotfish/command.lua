-- `:Pilotfish` and its arguments.
local M = {}

function M.define() end

return M
