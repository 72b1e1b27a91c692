-- The `User` autocommands.

---@section pilotfish-events Autocommands
--- |User| autocommands, for those who want to build on it; what happened is in
--- `event.data`: >lua
---   vim.api.nvim_create_autocmd("User", {
---     pattern = "PilotfishAccepted",
---     callback = function(event)
---       vim.print(event.data.text)
---     end,
---   })
--- <

---@entry PilotfishShown
--- Ghost text is shown: `buf`, `text`, `index` of `count`. Not again while it is
--- typed along.

---@entry PilotfishAccepted
--- It was taken: `buf`, `text`, `unit` ("all", "word" or "line"), and whether
--- nothing is left of it, `is_all`.

---@entry PilotfishDismissed
--- It was dismissed: `buf`, `text`.

---@entry PilotfishStatus
--- A server is doing something else than before: its status, as
--- |pilotfish.status()| returns it.

---@entry PilotfishPreview
--- A change is shown in a buffer: `buf`, `state` ("growing", "complete", "gone").

local M = {}

--- Tell whoever listens.
---@param name string without the prefix: `Shown`, `Accepted`, …
---@param data table what comes as `event.data`
function M.tell(name, data)
  vim.api.nvim_exec_autocmds("User", { pattern = "Pilotfish" .. name, data = data, modeline = false })
end

return M
