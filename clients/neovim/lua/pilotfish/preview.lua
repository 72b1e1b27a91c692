-- A change that is shown before it is made: what goes is marked, what comes stands below it. It grows while
-- the model answers, and moves with what is typed around it.
local clients = require("pilotfish.client")
local events = require("pilotfish.events")

local M = {}

local SPACE = vim.api.nvim_create_namespace("pilotfish.preview")

---@class pilotfish.Preview
---@field id string
---@field client_id integer
---@field is_complete boolean
---@type table<integer, pilotfish.Preview> by buffer
local previews = {}

---@param id string
---@return integer?
local function buffer_of(id)
  for buf, preview in pairs(previews) do
    if preview.id == id then
      return buf
    end
  end
end

--- The lines that edits touch, before and after, as blocks that are shown together.
---@param buf integer
---@param edits lsp.TextEdit[] in order, not overlapping
---@param encoding string
---@return {first: integer, last: integer, gone: integer[][], new: string[]}[]
local function blocks_of(buf, edits, encoding)
  local function bytes(position)
    local line = vim.api.nvim_buf_get_lines(buf, position.line, position.line + 1, false)[1] or ""
    return vim.str_byteindex(line, encoding, position.character, false), line
  end
  local blocks = {}
  for _, edit in ipairs(edits) do
    local from, to = edit.range.start, edit.range["end"]
    local from_col, from_line = bytes(from)
    local to_col, to_line = bytes(to)
    local block = blocks[#blocks]
    if not block or from.line > block.last then
      block = { first = from.line, last = to.line, gone = {}, new = from_line:sub(1, from_col) }
      table.insert(blocks, block)
    else
      -- Another edit of the line that the one before ended on: what is between them stays.
      block.new = block.new .. from_line:sub(block.col + 1, from_col)
      block.last = to.line
    end
    block.new = block.new .. edit.newText
    block.col, block.tail = to_col, to_line:sub(to_col + 1)
    table.insert(block.gone, { from.line, from_col, to.line, to_col })
  end
  for _, block in ipairs(blocks) do
    block.new = vim.split(block.new .. block.tail, "\n", { plain = true })
  end
  return blocks
end

---@param buf integer
---@param preview table as it came
---@param client vim.lsp.Client
local function draw(buf, preview, client)
  vim.api.nvim_buf_clear_namespace(buf, SPACE, 0, -1)
  local count = vim.api.nvim_buf_line_count(buf)
  for number, block in ipairs(blocks_of(buf, preview.edits, client.offset_encoding)) do
    for _, gone in ipairs(block.gone) do
      vim.api.nvim_buf_set_extmark(buf, SPACE, math.min(gone[1], count - 1), gone[2], {
        end_row = math.min(gone[3], count - 1),
        end_col = gone[3] < count and gone[4] or nil,
        hl_group = "PilotfishDelete",
        strict = false,
      })
    end
    local lines = {}
    for _, line in ipairs(block.new) do
      table.insert(lines, { { line == "" and " " or line, "PilotfishAdd" } })
    end
    if number == 1 and preview.state == "complete" then
      table.insert(lines, { { ":Pilotfish accept   :Pilotfish reject", "PilotfishGhostMore" } })
    end
    vim.api.nvim_buf_set_extmark(buf, SPACE, math.min(block.last, count - 1), 0, { virt_lines = lines })
  end
end

--- Nothing is shown any more.
---@param buf integer
function M.clear(buf)
  previews[buf] = nil
  if vim.api.nvim_buf_is_valid(buf) then
    vim.api.nvim_buf_clear_namespace(buf, SPACE, 0, -1)
  end
end

--- Say beside a line that a model is being asked about it.
---@param buf integer
---@param row integer from 0
function M.wait(buf, row)
  vim.api.nvim_buf_set_extmark(buf, SPACE, row, 0, {
    virt_text = { { " … :Pilotfish cancel", "PilotfishGhostMore" } },
    virt_text_pos = "eol",
  })
end

--- The server shows a change, or says that it is gone.
---@param preview table as in docs/protocol.md
---@param client_id integer
function M.changed(preview, client_id)
  local client = vim.lsp.get_client_by_id(client_id)
  if preview.state == "gone" or not client then
    local buf = buffer_of(preview.id)
    if buf then
      M.clear(buf)
      events.tell("Preview", { buf = buf, state = "gone" })
    end
    return
  end
  local buf = vim.uri_to_bufnr(preview.textDocument.uri)
  if not vim.api.nvim_buf_is_loaded(buf) then
    return
  end
  previews[buf] = { id = preview.id, client_id = client_id, is_complete = preview.state == "complete" }
  -- One for another text than is here comes again for this one.
  if #preview.edits > 0 and preview.textDocument.version == vim.lsp.util.buf_versions[buf] then
    draw(buf, preview, client)
    events.tell("Preview", { buf = buf, state = preview.state })
  end
end

--- Make the change that the current buffer shows, or do not.
---@param is_accepted boolean
function M.decide(is_accepted)
  local preview = previews[vim.api.nvim_get_current_buf()]
  local client = preview and vim.lsp.get_client_by_id(preview.client_id)
  if not client then
    return clients.say("no change is shown here", vim.log.levels.WARN)
  end
  if is_accepted and not preview.is_complete then
    return clients.say("the change is not complete yet", vim.log.levels.WARN)
  end
  client:request(
    "pilotfish/edit/" .. (is_accepted and "accept" or "reject"),
    { id = preview.id },
    function() end
  )
end

return M
