namespace Tallystick.Node.Links;

/// <summary>
/// What the system says of this computer's networks. It cannot always say it while one of them comes or goes: then it
/// is asked again, and at last the picture before stands. Thread-safe.
/// </summary>
/// <param name="look">Asks the system.</param>
/// <param name="first">What stands until it has answered.</param>
internal sealed class NetworkPicture<T>(Func<T> look, T first)
{
    private const int Looks = 3;

    private readonly Lock gate = new();
    private T last = first;

    /// <summary>The newest picture that can be had.</summary>
    public T Look()
    {
        lock (gate)
        {
            for (var looks = 0; looks < Looks; looks++)
            {
                try
                {
                    return last = look();
                }
                catch (Exception)
                {
                    // Which exceptions it throws for a network that is half there depends on the system.
                }
            }
            return last;
        }
    }
}
