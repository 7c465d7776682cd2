using System.Net;
using System.Net.Sockets;
using Tallystick.Cli.Commands;
using Tallystick.Cli.Flags;
using Tallystick.Cli.Sentences;
using Tallystick.Node.Links;
using Tallystick.Node.Relays;

namespace Tallystick.Cli.Running;

/// <summary>A relay in this process, until it is told to end. It keeps nothing.</summary>
internal static class RelayCommand
{
    public static async Task<int> RunAsync(GivenFlags flags)
    {
        using var stop = new StopSignals(ignoreInterrupt: OrphanGuard.IsAsked);
        return await OneNode.UntilStoppedAsync(stop, async () =>
        {
            await using var relay = Relay.Start(EndPointOf(flags));
            var where = NoticeSentences.Where(relay.ListenEndPoint.ToString());
            Console.WriteLine($"The relay is up, {where}. Nodes use it with --relay and this computer's name.");
            Console.WriteLine("status tells who is here, exit ends it; nodes then go on without it where they can.");
            if (OrphanGuard.IsAsked)
                OrphanGuard.Watch(stop.Stop);
            else
                Listen(relay, stop);
            await Task.Delay(Timeout.Infinite, stop.Token);
            return ExitCodes.Ok;
        });
    }

    private static IPEndPoint EndPointOf(GivenFlags flags)
    {
        var (address, port) = FlagValues.Listen(flags.Listen ?? $"{PeerAddress.DefaultRelayPort}");
        if (port is not { } number)
            throw new UsageException("A relay has to listen: give a port with --listen.");
        return new IPEndPoint(address ?? (Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any), number);
    }

    // A thread of its own: a read of the keyboard cannot be cancelled. A service has no keyboard, and goes on.
    private static void Listen(Relay relay, StopSignals stop) => new Thread(() =>
    {
        while (Console.In.ReadLine() is { } line)
        {
            switch (line.Trim().ToUpperInvariant())
            {
                case "":
                    break;
                case "EXIT" or "QUIT" or "BYE" or "FAREWELL":
                    stop.Stop();
                    return;
                case "STATUS":
                    Console.WriteLine($"Nodes here: {relay.ClientCount}; streams between them: {relay.StreamCount}.");
                    break;
                default:
                    Console.WriteLine("A relay knows status and exit.");
                    break;
            }
        }
    })
    { IsBackground = true, Name = "keyboard" }.Start();
}
