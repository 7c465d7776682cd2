namespace Tallystick.Node.Hosting;

/// <summary>
/// The lock that says that a node runs on a data folder. The system holds it, so it is gone when the process is gone.
/// </summary>
internal static class FolderLock
{
    public const string FileName = "node.lock";

    // Whoever looks for running nodes takes a shared lock for an instant; a node that starts then tries again.
    private const int Tries = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    // EAGAIN on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows.
    private static readonly int[] HeldByAnother = [11, 35, unchecked((int)0x80070020)];

    /// <summary>Takes the lock, or returns null when another process or another node of this one holds it.</summary>
    public static FileStream? TryTake(string folder)
    {
        var path = Path.Combine(folder, FileName);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var held = new FileStream(path, PrivateFile.Options(
                    FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
                PrivateFile.CloseIfWider(path);
                return held;
            }
            catch (IOException e) when (HeldByAnother.Contains(e.HResult))
            {
                if (attempt == Tries)
                    return null;
                Thread.Sleep(Pause);
            }
        }
    }

    /// <summary>Whether a node holds the folder now.</summary>
    public static bool IsHeld(string folder)
    {
        try
        {
            using var probe = new FileStream(
                Path.Combine(folder, FileName), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (IOException e)
        {
            return HeldByAnother.Contains(e.HResult);
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
