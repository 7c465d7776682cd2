using Tallystick.Ordeal.Checking;

namespace Tallystick.Ordeal.Nodes;

/// <summary>Copies of one node's book, taken while it runs, to be put back later.</summary>
internal sealed class OldBooks(string dataFolder, string folder)
{
    private readonly List<(string File, long BegunMs)> copies = [];

    private string Live => Path.Combine(dataFolder, Book.FileName);

    public bool Any => copies.Count > 0;

    public void Take(long nowMs)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"{nowMs}.db");
        Sqlite.Backup(Live, file);
        copies.Add((file, nowMs));
    }

    /// <summary>Puts one back while the node is down; gives when it was begun. The others are gone then.</summary>
    public long PutBack(Random random)
    {
        var (file, begunMs) = copies[random.Next(copies.Count)];
        File.Delete(Live + "-wal");
        File.Delete(Live + "-shm");
        File.Copy(file, Live, overwrite: true);
        foreach (var (copy, _) in copies)
            File.Delete(copy);
        copies.Clear();
        return begunMs;
    }
}
