using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Tallystick.Bench.Live;
using Tallystick.Bench.Results;
using Tallystick.Core.Money;
using Tallystick.Node.Rooms;

namespace Tallystick.Bench.Scenarios;

/// <summary>Settlements from the proposal until its proposer hears that it is settled.</summary>
internal static class Settling
{
    private const int AtOnce = 16;

    /// <summary>Over two nodes, then in rooms.</summary>
    /// <param name="seconds">How long for each line.</param>
    public static async Task<Section> RunAsync(double seconds)
    {
        var report = new Report(
            "settle",
            $"Proposed, seen by the other, accepted, and heard by the proposer; {seconds} s a line. Two nodes: through "
            + "API and events of both. Rooms: what their pages call, without HTTP, all in one process.");
        var folder = Directory.CreateTempSubdirectory("tallystick-bench-");
        try
        {
            await using (var pair = await ProposingNode.StartAsync(folder.CreateSubdirectory("node").FullName))
            {
                await pair.SettleAsync(1, 1);
                foreach (var atOnce in (int[])[1, AtOnce])
                {
                    var (perSecond, latencies) = await pair.SettleAsync(atOnce, seconds);
                    report.Add($"two nodes, {atOnce} at a time", Said(perSecond, latencies));
                }
            }
            await using var house = new RoomHouse(
                folder.CreateSubdirectory("rooms").FullName,
                Asset.Credits,
                TimeProvider.System,
                NullLoggerFactory.Instance);
            await RunRoomsAsync(house, 1, 1);
            foreach (var rooms in (int[])[1, AtOnce])
            {
                var (perSecond, latencies) = await RunRoomsAsync(house, rooms, seconds);
                report.Add(rooms == 1 ? "a room" : $"{rooms} rooms at a time", Said(perSecond, latencies));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        return report.Section;
    }

    private static async Task<(double PerSecond, Latencies Latencies)> RunRoomsAsync(
        RoomHouse house, int count, double seconds)
    {
        var rooms = new Dictionary<RoomId, BenchRoom>();
        for (var i = 0; i < count; i++)
        {
            var room = new BenchRoom((await house.EnterAsync(house.Create()!.Value))!);
            rooms[room.Id] = room;
        }
        house.Changed = id => rooms.GetValueOrDefault(id)?.Changed();
        var (settled, latencies, clock) = (0L, new Latencies(), Stopwatch.StartNew());
        await Task.WhenAll(rooms.Values.Select(room => Task.Run(async () =>
        {
            while (clock.Elapsed < TimeSpan.FromSeconds(seconds))
            {
                latencies.Add(await room.SettleAsync());
                Interlocked.Increment(ref settled);
            }
        })));
        var perSecond = settled / clock.Elapsed.TotalSeconds;
        house.Changed = _ => { };
        foreach (var room in rooms.Values)
            room.Dispose();
        return (perSecond, latencies);
    }

    private static string Said(double perSecond, Latencies latencies) =>
        $"{perSecond:N0} settlements/s; p50 {latencies.AtMs(0.5):0.0} ms, p99 {latencies.AtMs(0.99):0.0} ms";
}
