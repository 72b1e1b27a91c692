-- Pages beside the code: what the server writes into files and asks to be shown. `q` closes one.
local M = {}

---@type table<integer, {path: string, client_id: integer}> by buffer: what is still being written
local growing = {}

--- Show what the file holds by now; it is empty for a moment when it is written anew.
---@param buf integer
---@param path string
local function read(buf, path)
  local is_read, lines = pcall(vim.fn.readfile, path)
  if is_read and #lines > 0 then
    vim.bo[buf].modifiable = true
    vim.api.nvim_buf_set_lines(buf, 0, -1, false, lines)
    vim.bo[buf].modifiable = false
  end
end

--- The page of this name, shown in a window of its own; the cursor stays where it is.
---@param name string
---@return integer buf
local function open(name)
  local title = "pilotfish://" .. name
  local buf = vim.fn.bufnr("^" .. title .. "$")
  if buf < 0 then
    buf = vim.api.nvim_create_buf(false, true)
    vim.api.nvim_buf_set_name(buf, title)
    vim.bo[buf].bufhidden = "wipe"
    vim.bo[buf].filetype = "markdown"
    vim.keymap.set("n", "q", "<Cmd>close<CR>", { buffer = buf, desc = "close" })
  end
  if vim.fn.bufwinid(buf) < 0 then
    local win = vim.api.nvim_open_win(buf, false, { split = "below", win = 0 })
    vim.wo[win][0].wrap = true
    vim.wo[win][0].linebreak = true
  end
  return buf
end

--- Show a file that the server has written, and may still be writing.
---@param path string
---@param client_id integer
function M.show_file(path, client_id)
  local buf = open(vim.fs.basename(path))
  growing[buf] = { path = path, client_id = client_id }
  read(buf, path)
end

--- Show them as they grow.
function M.watch()
  vim.api.nvim_create_autocmd("LspProgress", {
    group = vim.api.nvim_create_augroup("pilotfish.page", {}),
    callback = function(event)
      for buf, page in pairs(growing) do
        if not vim.api.nvim_buf_is_valid(buf) then
          growing[buf] = nil
        elseif page.client_id == event.data.client_id then
          read(buf, page.path)
        end
      end
    end,
  })
end

return M
