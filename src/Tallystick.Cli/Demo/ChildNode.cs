using System.Diagnostics;
using System.Text;
using Tallystick.Cli.Running;
using Tallystick.Client;
using Tallystick.Node.Hosting;

namespace Tallystick.Cli.Demo;

/// <summary>
/// A node in a process of its own, started from this program; it ends with this one, whatever happens.
/// </summary>
internal sealed class ChildNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Process process;

    private ChildNode(Process process, TallystickClient client) => (this.process, Client) = (process, client);

    /// <summary>Talks to it.</summary>
    public TallystickClient Client { get; }

    public int ProcessId => process.Id;

    /// <summary>Starts it and waits until its API answers.</summary>
    /// <exception cref="CannotStartException">It ended at once; the message is its own.</exception>
    public static async Task<ChildNode> StartAsync(NodeOptions options, CancellationToken stop)
    {
        var child = Process.Start(StartInfo(options))!;
        var errors = new StringBuilder();
        child.ErrorDataReceived += (_, line) =>
        {
            if (options.Debug && line.Data is not null)
                Console.Error.WriteLine($"{options.Name}: {line.Data}");
            lock (errors)
                errors.AppendLine(line.Data);
        };
        child.BeginErrorReadLine();
        try
        {
            // Its first line says that it is up.
            var first = await child.StandardOutput.ReadLineAsync(stop).AsTask().WaitAsync(Patience, stop);
            if (first is not null && RunningNodes.At(options.DataFolder) is { } node)
            {
                _ = child.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return new ChildNode(child, NodeSearch.Connect(node));
            }

            await child.WaitForExitAsync(stop).WaitAsync(Patience, stop);
            lock (errors)
                throw new CannotStartException(
                    errors.ToString().Trim() is { Length: > 0 } why ? why : $"{options.Name} did not start.");
        }
        catch
        {
            child.Kill();
            child.Dispose();
            throw;
        }
    }

    /// <summary>Has it close its book and end, and waits until the process is gone.</summary>
    public async Task StopAsync()
    {
        if (process.HasExited)
            return;
        process.StandardInput.Close();
        using var expiry = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(expiry.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        process.Dispose();
    }

    private static ProcessStartInfo StartInfo(NodeOptions options)
    {
        // Either the runtime that was given this program's file, or the program's own executable.
        var executable = Environment.ProcessPath!;
        var isRuntime = Path.GetFileNameWithoutExtension(executable).Equals(
            "dotnet", StringComparison.OrdinalIgnoreCase);
        List<string> arguments = isRuntime ? [Path.Combine(AppContext.BaseDirectory, "tallystick.dll")] : [];
        arguments.AddRange(
            ["up", "--headless", "--name", options.Name, "--data", options.DataFolder,
            "--listen", $"{options.ListenAddress}:{options.ListenPort}"]);
        arguments.AddRange(
            options.Peers.SelectMany(p => (string[])["--peer", p.Name is null ? p.Address : $"{p.Name}={p.Address}"]));
        arguments.AddRange(options.Assets.SelectMany(a => (string[])["--asset", a.ToString()]));
        if (options.Debug)
            arguments.Add("--debug");
        var start = new ProcessStartInfo(executable, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What is set for this program is not meant for its child.
        foreach (var name in start.Environment.Keys.Where(
            k => k.StartsWith("TALLYSTICK_", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        start.Environment[OrphanGuard.Variable] = "1";
        return start;
    }
}
