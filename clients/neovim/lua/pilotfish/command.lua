-- `:Pilotfish` and its arguments.

---@section pilotfish-commands Commands
--- `:Pilotfish {what}`; without {what} it is `status`.

local clients = require("pilotfish.client")

local M = {}

--- Have the server of this buffer, or of all, run a command of its own.
---@param command string
---@param is_for_all? boolean
---@param said? string what to say when it is done
local function run(command, is_for_all, said)
  local found = is_for_all and clients.all() or { clients.of() }
  if #found == 0 then
    return clients.say("no server is attached to this buffer", vim.log.levels.WARN)
  end
  for _, client in ipairs(found) do
    clients.execute(client, command, {}, function(is_well)
      if is_well and said then
        clients.say(said)
      end
    end)
  end
end

local function log()
  vim.cmd.split({ vim.fn.fnameescape(vim.lsp.log.get_filename()) })
  vim.cmd.normal({ "G", bang = true })
end

--- Each argument, and what it does.
---@type table<string, fun(given: table, rest: string)>
local ARGUMENTS = {
  ---@entry :Pilotfish-accept :Pilotfish accept
  --- Make the change that this buffer shows (see |:Pilotfish-edit|). One |undo|
  --- takes it back.
  accept = function()
    require("pilotfish.preview").decide(true)
  end,
  ---@entry :Pilotfish-cancel :Pilotfish cancel
  --- End what a model is being asked: a code action, an edit.
  cancel = function()
    if require("pilotfish.progress").cancel() == 0 then
      clients.say("nothing is running")
    end
  end,
  ---@entry :Pilotfish-doctor :Pilotfish doctor
  --- Look at settings, index and models, and say what to do about what is wrong.
  doctor = function()
    run("pilotfish.doctor")
  end,
  ---@entry :Pilotfish-edit :Pilotfish edit
  --- `:[range]Pilotfish edit [instruction]`
  ---
  --- Have a model change the lines of [range], or the definition around the
  --- cursor, as you say; without an instruction you are asked for one. The change
  --- is shown as it comes: what goes is marked, what comes stands below it. It is
  --- made by `:Pilotfish accept`. You may go on typing elsewhere.
  edit = function(given, rest)
    require("pilotfish.edit").edit(given.range > 0 and { given.line1, given.line2 } or nil, rest)
  end,
  ---@entry :Pilotfish-explain :Pilotfish explain
  --- Why something was offered last, or nothing.
  explain = function()
    run("pilotfish.explain")
  end,
  ---@entry :Pilotfish-log :Pilotfish log
  --- Open Neovim's log of language servers, at its end.
  log = log,
  ---@entry :Pilotfish-pause :Pilotfish pause
  --- Offer nothing, in all buffers, until `:Pilotfish resume`.
  pause = function()
    run("pilotfish.pause", true, "paused; `:Pilotfish resume` goes on")
  end,
  ---@entry :Pilotfish-reindex :Pilotfish reindex
  --- Build the index of the workspace anew.
  reindex = function()
    run("pilotfish.reindex")
  end,
  ---@entry :Pilotfish-reject :Pilotfish reject
  --- Do not make the change that this buffer shows.
  reject = function()
    require("pilotfish.preview").decide(false)
  end,
  ---@entry :Pilotfish-restart :Pilotfish restart
  --- End the servers, and start new ones.
  restart = function()
    require("pilotfish.restart").now()
  end,
  ---@entry :Pilotfish-resume :Pilotfish resume
  --- Go on after `:Pilotfish pause`.
  resume = function()
    run("pilotfish.resume", true, "goes on")
  end,
  ---@entry :Pilotfish-stats :Pilotfish stats
  --- How what was offered has fared. It is counted on your machine only.
  stats = function()
    run("pilotfish.stats")
  end,
  ---@entry :Pilotfish-status :Pilotfish status
  --- What the server of this buffer is doing.
  status = function()
    require("pilotfish.status").ask(clients.say)
  end,
}

---@param given table as `nvim_create_user_command` gives it
local function pilotfish(given)
  local name, rest = given.args:match("^(%S*)%s*(.*)$")
  local found = ARGUMENTS[name == "" and "status" or name]
  if not found then
    return clients.say(("there is no `:Pilotfish %s`"):format(name), vim.log.levels.ERROR)
  end
  found(given, rest)
end

---@param begun string
---@param line string
local function complete(begun, line)
  if line:match("Pilotfish%s+%S+%s") then
    return {}
  end
  local names = vim.tbl_filter(function(name)
    return vim.startswith(name, begun)
  end, vim.tbl_keys(ARGUMENTS))
  table.sort(names)
  return names
end

--- Define it.
function M.define()
  vim.api.nvim_create_user_command("Pilotfish", pilotfish, {
    nargs = "*",
    range = true,
    complete = complete,
    desc = "pilotfish: status, explain, edit, accept, …",
  })
end

return M
