-- The highlight groups, linked to what colour schemes have.
local M = {}

---@type table<string, string>
local LINKS = {
  ComplHint = "NonText",
  ComplHintMore = "MoreMsg",
  PilotfishGhost = "ComplHint",
  PilotfishGhostMore = "ComplHintMore",
  PilotfishAdd = "DiffAdd",
  PilotfishDelete = "DiffDelete",
}

local function link()
  for group, target in pairs(LINKS) do
    vim.api.nvim_set_hl(0, group, { link = target, default = true })
  end
end

--- Define them now, and again after a colour scheme has cleared them.
function M.define()
  link()
  vim.api.nvim_create_autocmd("ColorScheme", {
    group = vim.api.nvim_create_augroup("pilotfish.highlights", {}),
    callback = link,
  })
end

return M
