-- Draws ghost text with extmarks, for Neovim 0.11, which cannot do it itself.
local offers = require("pilotfish.ghost.offer")

local M = {}

local SPACE = vim.api.nvim_create_namespace("pilotfish.ghost")

--- There is nothing to prepare.
function M.attach() end

---@param client vim.lsp.Client
---@param ... any as `client:request`
---@return boolean ok
---@return integer? id
function M.request(client, ...)
  return client:request(...)
end

--- A line with spaces for its tabs: inline virtual text would send them to the terminal as they are.
---@param line string
---@return string
local function expanded(line)
  local column = vim.fn.virtcol(".") - 1
  return (
    line:gsub("[^\t]*\t", function(part)
      local before = part:sub(1, -2)
      local width = vim.fn.strdisplaywidth(before, column)
      local spaces = vim.bo.tabstop - (column + width) % vim.bo.tabstop
      column = column + width + spaces
      return before .. (" "):rep(spaces)
    end)
  )
end

--- Draw at the cursor of the current window.
---@param _ vim.lsp.Client
---@param offer pilotfish.Offer
function M.show(_, offer)
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  local lines = {}
  for _, line in ipairs(vim.split(offers.seen(offer), "\n", { plain = true })) do
    table.insert(lines, { { line, "PilotfishGhost" } })
  end
  lines[1][1][1] = expanded(lines[1][1][1])
  if offer.is_turned then
    table.insert(lines[#lines], { (" (%d/%d)"):format(offer.index, #offer.items), "PilotfishGhostMore" })
  end
  vim.api.nvim_buf_set_extmark(0, SPACE, row - 1, col, {
    id = 1,
    virt_text = lines[1],
    virt_text_pos = "inline",
    virt_lines = vim.list_slice(lines, 2),
    hl_mode = "combine",
  })
end

--- Take it off the screen.
---@param buf integer
function M.clear(buf)
  vim.api.nvim_buf_clear_namespace(buf, SPACE, 0, -1)
end

M.detach = M.clear

return M
