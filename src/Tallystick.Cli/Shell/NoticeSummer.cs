using Tallystick.Client;

namespace Tallystick.Cli.Shell;

/// <summary>
/// Keeps notices readable: up to five in a second are shown as they come, more are held and summed into one line.
/// Pure but for its own memory; time comes in as a value.
/// </summary>
internal sealed class NoticeSummer
{
    public const int MostInOneWindow = 5;

    public static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly List<Notice> held = [];
    private DateTimeOffset windowEnd = DateTimeOffset.MinValue;
    private int shown;

    /// <summary>When held notices are due, or null when none are held.</summary>
    public DateTimeOffset? Due => held.Count == 0 ? null : windowEnd;

    /// <summary>Whether <paramref name="notice"/> may be shown at once; otherwise it is held.</summary>
    public bool ShowsAtOnce(Notice notice, DateTimeOffset now)
    {
        if (held.Count == 0 && now >= windowEnd)
        {
            windowEnd = now + Window;
            shown = 0;
        }
        if (held.Count == 0 && shown < MostInOneWindow)
        {
            shown++;
            return true;
        }
        held.Add(notice);
        return false;
    }

    /// <summary>The held notices when they are due. While the flood lasts, every second gives one line only.</summary>
    public IReadOnlyList<Notice> TakeDue(DateTimeOffset now)
    {
        if (held.Count == 0 || now < windowEnd)
            return [];
        var due = held.ToArray();
        held.Clear();
        windowEnd = now + Window;
        shown = MostInOneWindow;
        return due;
    }

    /// <summary>Whatever is held, due or not, for the end of a session.</summary>
    public IReadOnlyList<Notice> TakeAll()
    {
        var all = held.ToArray();
        held.Clear();
        return all;
    }
}
