-- Pages of text beside the code: explanations, reports. `q` closes one.
local M = {}

---@type table<integer, {path: string, client_id: integer}> by buffer: what is still being written
local growing = {}

---@param buf integer
---@param lines string[]
local function fill(buf, lines)
  vim.bo[buf].modifiable = true
  vim.api.nvim_buf_set_lines(buf, 0, -1, false, lines)
  vim.bo[buf].modifiable = false
end

--- The page of this name, shown in a window of its own; the cursor stays where it is.
---@param name string
---@param filetype string
---@return integer buf
local function open(name, filetype)
  local title = "pilotfish://" .. name
  local buf = vim.fn.bufnr("^" .. title .. "$")
  if buf < 0 then
    buf = vim.api.nvim_create_buf(false, true)
    vim.api.nvim_buf_set_name(buf, title)
    vim.bo[buf].bufhidden = "wipe"
    vim.bo[buf].filetype = filetype
    vim.keymap.set("n", "q", "<Cmd>close<CR>", { buffer = buf, desc = "close" })
  end
  if vim.fn.bufwinid(buf) < 0 then
    local win = vim.api.nvim_open_win(buf, false, { split = "below", win = 0 })
    vim.wo[win].wrap = true
    vim.wo[win].linebreak = true
  end
  return buf
end

--- Show these lines.
---@param name string
---@param lines string[]
---@param filetype? string
function M.show(name, lines, filetype)
  fill(open(name, filetype or "text"), lines)
end

--- Show a file that the server has written, and may still be writing.
---@param path string
---@param client_id integer
function M.show_file(path, client_id)
  local buf = open(vim.fs.basename(path), "markdown")
  growing[buf] = { path = path, client_id = client_id }
  fill(buf, vim.fn.readfile(path))
end

--- Show them as they grow.
function M.watch()
  vim.api.nvim_create_autocmd("LspProgress", {
    group = vim.api.nvim_create_augroup("pilotfish.page", {}),
    callback = function(event)
      for buf, page in pairs(growing) do
        if not vim.api.nvim_buf_is_valid(buf) then
          growing[buf] = nil
        elseif page.client_id == event.data.client_id and vim.uv.fs_stat(page.path) then
          fill(buf, vim.fn.readfile(page.path))
        end
      end
    end,
  })
end

return M
