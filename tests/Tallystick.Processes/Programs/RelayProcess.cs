using System.Net;
using System.Net.Sockets;

namespace Tallystick.Processes.Programs;

/// <summary>A relay in a process of its own, which may be killed and started again on its port.</summary>
internal sealed class RelayProcess : IAsyncDisposable
{
    private readonly int port = FreePort();
    private ProgramProcess? process;

    /// <summary>HOST:PORT, as nodes are told it.</summary>
    public string Address => $"127.0.0.1:{port}";

    public ProgramProcess Process => process!;

    public async Task StartAsync(string word = "relay")
    {
        process = Tally.Start([word, "--listen", Address]);
        await process.HearAsync("The relay is up");
    }

    public Task KillAsync() => process!.KillAsync();

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
            await process.DisposeAsync();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
