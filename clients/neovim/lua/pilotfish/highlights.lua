-- The highlight groups, linked to what colour schemes have.

---@section pilotfish-highlights Highlight groups
--- Each is a link until you, or your colour scheme, define it.

---@type table<string, string>
local LINKS = {
  -- Neovim 0.11 lacks these two.
  ComplHint = "NonText",
  ComplHintMore = "MoreMsg",
  ---@entry hl-PilotfishGhost PilotfishGhost
  --- Ghost text; linked to |hl-ComplHint|, in which Neovim 0.12 draws it.
  PilotfishGhost = "ComplHint",
  ---@entry hl-PilotfishGhostMore PilotfishGhostMore
  --- Which one of several it is, and other remarks; linked to |hl-ComplHintMore|.
  PilotfishGhostMore = "ComplHintMore",
  ---@entry hl-PilotfishAdd PilotfishAdd
  --- Lines that a change would bring; linked to |hl-DiffAdd|.
  PilotfishAdd = "DiffAdd",
  ---@entry hl-PilotfishDelete PilotfishDelete
  --- What it would take away; linked to |hl-DiffDelete|.
  PilotfishDelete = "DiffDelete",
}

local M = {}

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
