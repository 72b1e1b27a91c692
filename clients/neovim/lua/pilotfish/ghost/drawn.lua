-- Draws ghost text with extmarks, for Neovim 0.11, which cannot do it itself.
local offers = require("pilotfish.ghost.offer")
local tabs = require("pilotfish.ghost.tabs")

local M = {}

local SPACE = vim.api.nvim_create_namespace("pilotfish.ghost")

--- There is nothing to prepare.
function M.attach() end

---@return boolean
function M.is_on()
  return true
end

---@param client vim.lsp.Client
---@param ... any as `client:request`
---@return boolean ok
---@return integer? id
function M.request(client, ...)
  return client:request(...)
end

--- Draw at the cursor of the current window.
---@param _ vim.lsp.Client
---@param offer pilotfish.Offer
---@return boolean is_drawn
function M.show(_, offer)
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  local lines = {}
  for _, line in ipairs(vim.split(offers.seen(offer), "\n", { plain = true })) do
    table.insert(lines, { { line, "PilotfishGhost" } })
  end
  lines[1][1][1] = tabs.expanded(lines[1][1][1])
  if offer.is_turned then
    table.insert(lines[#lines], { (" (%d/%d)"):format(offer.index, #offer.items), "PilotfishGhostMore" })
  end
  vim.api.nvim_buf_set_extmark(0, SPACE, row - 1, col, {
    id = 1,
    virt_text = lines[1],
    virt_text_pos = "inline",
    virt_lines = vim.list_slice(lines, 2),
    -- Combined with the highlight of the next character it would look like that: a bracket that matches, say.
    hl_mode = "replace",
  })
  return true
end

--- Take it off the screen.
---@param buf integer
function M.clear(buf)
  vim.api.nvim_buf_clear_namespace(buf, SPACE, 0, -1)
end

M.detach = M.clear

return M
