using Tallystick.Ordeal.Checking;
using Tallystick.Ordeal.Nodes;

namespace Tallystick.Ordeal.Calls;

/// <summary>A payment as its caller sees it: what was asked, and every answer.</summary>
internal sealed class Payment(NodeUnderTest from, string to, Tender tender, long units, string memo, long firstMs)
{
    private readonly Lock gate = new();
    private readonly HashSet<string> said = [];
    private string final = string.Empty;
    private long lastMs;
    private int asked;

    public Guid Request { get; } = Guid.CreateVersion7();

    public NodeUnderTest From => from;

    public string To => to;

    /// <summary>A caller hung up on it, so an answer to another try says nothing about the first.</summary>
    public bool IsDoubtful { get; set; }

    /// <summary>When the answer that counts came; what is older than a backup is in it.</summary>
    public long LastMs => Interlocked.Read(ref lastMs);

    public int Asked => Volatile.Read(ref asked);

    public bool Has(string answer)
    {
        lock (gate)
            return said.Contains(answer);
    }

    public object Body(int waitMs) => new
    {
        peer = to,
        amount = tender.Text(units),
        asset = tender.Code,
        memo,
        requestId = Request.ToString(),
        waitMs,
    };

    public void NoteAsked() => Interlocked.Increment(ref asked);

    public void Note(string answer, long nowMs)
    {
        lock (gate)
            said.Add(answer);
        Interlocked.Exchange(ref lastMs, nowMs);
    }

    public void NoteFinal(string answer) => final = answer;

    /// <summary>
    /// Its node's book was replaced by an old one: what was only said there, and neither delivered nor final, binds
    /// nobody until it is asked again.
    /// </summary>
    public void ForgetWhatOnlyTheLostBookKnew()
    {
        lock (gate)
            said.RemoveWhere(answer => answer is CallsCheck.Sent or CallsCheck.Queued);
    }

    public Call AsCall()
    {
        lock (gate)
        {
            return new Call(
                Request, from.Name, to, tender.Code, units, memo, [.. said.Order(StringComparer.Ordinal)], final,
                Asked, firstMs, LastMs);
        }
    }
}

/// <summary>An asset and how its amounts are written.</summary>
internal sealed record Tender(string Code, int Scale)
{
    public string Flag => $"{Code}/{Scale}";

    public string Text(long units)
    {
        var digits = units.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(Scale + 1, '0');
        return Scale == 0 ? digits : $"{digits[..^Scale]}.{digits[^Scale..]}";
    }
}
