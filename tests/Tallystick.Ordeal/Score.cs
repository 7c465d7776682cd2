using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Tallystick.Ordeal;

/// <summary>What was done in a run, counted.</summary>
internal enum Count
{
    Kills,
    KillsWhileStarting,
    KillsInFloods,
    Stops,
    LinksCut,
    LinksCutInFrame,
    LinksStalled,
    LinksHalfOpen,
    LinksSlow,
    CablesPulled,
    DisksFull,
    DisksFullEnded,
    ClockJumps,
    Backups,
    Restores,
    LimitsSet,
    Acknowledged,
    Queued,
    Refused,
    Cancelled,
    AskedAgain,
    HungUp,
}

/// <summary>The counters of a run, and its table.</summary>
internal sealed class Score
{
    private readonly long[] counts = new long[Enum.GetValues<Count>().Length];
    private readonly Stopwatch watch = Stopwatch.StartNew();

    public long NowMs => watch.ElapsedMilliseconds;

    public long this[Count what] => Interlocked.Read(ref counts[(int)what]);

    public void Add(Count what) => Interlocked.Increment(ref counts[(int)what]);

    public string Table(int seed, long lost, long twice)
    {
        var table = new StringBuilder();
        Row("seed", seed);
        Row("kill -9", this[Count.Kills]);
        Row("  while it started", this[Count.KillsWhileStarting]);
        Row("  in a flood of payments", this[Count.KillsInFloods]);
        Row("stopped and continued", this[Count.Stops]);
        Row("links cut", this[Count.LinksCut]);
        Row("  in the middle of a frame", this[Count.LinksCutInFrame]);
        Row("links stalled", this[Count.LinksStalled]);
        Row("links half-open", this[Count.LinksHalfOpen]);
        Row("links slow, in pieces", this[Count.LinksSlow]);
        Row("cables pulled (namespaces)", this[Count.CablesPulled]);
        Row("disk full", this[Count.DisksFull]);
        Row("  and the node ended by itself", this[Count.DisksFullEnded]);
        Row("clock jumps", this[Count.ClockJumps]);
        Row("old books put back", this[Count.Restores]);
        Row("limits set", this[Count.LimitsSet]);
        Row("payments acknowledged", this[Count.Acknowledged]);
        Row("  queued at first", this[Count.Queued]);
        Row("payments refused", this[Count.Refused]);
        Row("payments cancelled", this[Count.Cancelled]);
        Row("asked again, same id", this[Count.AskedAgain]);
        Row("callers hung up", this[Count.HungUp]);
        Row("lost", lost);
        Row("twice", twice);
        Row("seconds", NowMs / 1000);
        return table.ToString();

        void Row(string what, long many) =>
            table.AppendLine(CultureInfo.InvariantCulture, $"| {what,-32} | {many,12:N0} |");
    }
}
