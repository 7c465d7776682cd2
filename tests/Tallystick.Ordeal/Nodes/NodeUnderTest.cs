using System.Diagnostics;
using System.Net;
using Tallystick.Ordeal.Network;
using Tallystick.Processes.Programs;

namespace Tallystick.Ordeal.Nodes;

/// <summary>Where a node lives and how it is started.</summary>
/// <param name="Name">What it calls itself, and the name of its data folder.</param>
/// <param name="Folder">Its data folder.</param>
/// <param name="Address">The address on which it listens.</param>
/// <param name="Assets">What it counts.</param>
/// <param name="Prefix">Words before the program: how to enter its network, for example.</param>
/// <param name="Environment">Variables for it alone.</param>
internal sealed record NodePlace(
    string Name, string Folder, IPAddress Address, IReadOnlyList<string> Assets, IReadOnlyList<string> Prefix,
    IReadOnlyDictionary<string, string?> Environment);

/// <summary>One node, as a process that is started, killed, stopped and continued.</summary>
internal sealed class NodeUnderTest(NodePlace place, IReadOnlyDictionary<string, Wire> wires) : IAsyncDisposable
{
    // A hidden variable of the program: a node so ends with whoever started it, however that dies.
    private const string EndWithInput = "TALLYSTICK_END_WITH_INPUT";

    private ProgramProcess? process;
    private Process? continuing;
    private int port;
    private bool isOffline;

    public string Name => place.Name;

    public string Folder => place.Folder;

    public IPAddress Address => place.Address;

    public NodeApi Api { get; } = new(place.Folder);

    /// <summary>The wires on which this node dials, by the name of whom it dials.</summary>
    public IReadOnlyDictionary<string, Wire> Wires => wires;

    public Rest Rest { get; } = new();

    /// <summary>
    /// It runs on an old book, which may show as queued what was signed and sent since: nobody should cancel that.
    /// </summary>
    public bool IsCatchingUp { get; set; }

    public ProgramProcess Process => process!;

    /// <summary>Whether the process has ended by itself since it was started.</summary>
    public bool HasEnded => process is { } running && !IsAlive(running.Id);

    /// <summary>Starts the process, without waiting for anything.</summary>
    public void Spawn(string program, bool offline = false)
    {
        isOffline = offline;
        List<string> words = [.. place.Prefix, .. BuiltProgram.WordsFor(BuiltProgram.In(program)!), "up", "--headless",
            "--web", "off", "--name", Name, "--data", Folder, "--listen", $"{Address}:{port}"];
        foreach (var asset in place.Assets)
            words.AddRange(["--asset", asset]);
        foreach (var (peer, wire) in wires)
            words.AddRange(["--peer", $"{peer}={wire.EndPoint}"]);
        if (isOffline)
            words.Add("--offline");
        process = ProgramProcess.Start(
            words[0], words.Skip(1), new Dictionary<string, string?>(place.Environment) { [EndWithInput] = "1" });
    }

    /// <summary>Waits until it can be asked.</summary>
    public async Task WaitUntilUpAsync()
    {
        try
        {
            await process!.HearAsync($"{Name} is up: ");
        }
        catch (TimeoutException late)
        {
            throw new OrdealFailedException($"{Name} does not start (process {process!.Id}). {late.Message}");
        }
        if (isOffline)
            return;
        const string Where = "listens at ";
        var said = process.Output.TrimEnd().TrimEnd('.');
        port = IPEndPoint.Parse(said[(said.LastIndexOf(Where, StringComparison.Ordinal) + Where.Length)..]).Port;
    }

    public IPEndPoint Listens => new(Address, port);

    public async Task KillAsync()
    {
        await process!.KillAsync();
        await EndContinuingAsync();
    }

    /// <summary>Stops the process for a while. Whoever dies meanwhile, it is continued.</summary>
    public async Task StopForAsync(TimeSpan time)
    {
        await EndContinuingAsync();
        continuing = System.Diagnostics.Process.Start("sh",
            ["-c", string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"kill -STOP {process!.Id}; sleep {time.TotalSeconds:0.000}; kill -CONT {process.Id}")]);
        await continuing.WaitForExitAsync();
    }

    /// <summary>Ends it as an operator does, and gives the exit code.</summary>
    public async Task<int> StopAsync()
    {
        await process!.SignalAsync("TERM");
        return await process.EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
            await process.DisposeAsync();
        await EndContinuingAsync();
        Api.Dispose();
    }

    private async Task EndContinuingAsync()
    {
        if (continuing is null)
            return;
        await continuing.WaitForExitAsync();
        continuing.Dispose();
        continuing = null;
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using var found = System.Diagnostics.Process.GetProcessById(id);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
